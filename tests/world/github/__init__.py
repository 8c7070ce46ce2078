"""A stand-in for GitHub over a real git repository, held to GitHub's own descriptions.

It answers the REST operations and the GraphQL queries that the program sends, checks each of its
own replies, and writes down what it was asked. A violation fails the test that stops it.
"""

from tests.world.github.process import GitHubProcess, github_here, start_github

__all__ = ["GitHubProcess", "github_here", "start_github"]
