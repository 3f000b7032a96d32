"""About me: one page that the child, each home and school write together, and that a new teacher reads first."""
