"""A child's own words, as adults may read them."""
