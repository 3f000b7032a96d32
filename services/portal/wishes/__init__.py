"""Before an evening is planned: a family's wishes, teachers' marks, and what the office enters for who rings."""
