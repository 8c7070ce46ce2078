"""Speed as ratios within one run; pytest collects nothing here."""
