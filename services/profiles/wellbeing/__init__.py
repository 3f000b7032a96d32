"""What has changed at home, told by a parent to whom they choose, for as long as they say."""
