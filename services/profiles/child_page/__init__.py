"""One child's page in one read: what every room has to say of the child to whoever is asking."""
