"""One child's page for a parent."""
