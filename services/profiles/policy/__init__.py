"""The school's policy: what each kind of relationship may do by default, in versions with dates."""
