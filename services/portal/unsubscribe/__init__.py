"""No more e-mails, from a link in one of them."""
