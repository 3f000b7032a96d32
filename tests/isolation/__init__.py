"""Every route as a stranger, as another school, as another adult: the reply of what is not there."""
