"""A parent's page of one question: yes or no for each child of theirs."""
