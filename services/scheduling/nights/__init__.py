"""The night itself: who is here, which talk is on and who is next, how late it is, and who was missed."""
