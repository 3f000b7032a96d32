"""Who there is, as profiles describes them: just what booking needs, and no contact details."""
