"""Support for special needs: which children have it, how their plan is called, and who may know and say so."""
