"""Real parts that tests run against: engines, registries, repositories, ssh servers."""
