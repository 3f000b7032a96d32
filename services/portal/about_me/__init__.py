"""About me: the page that a child, each home and school write together; on screen, on paper, and on its journeys."""
