"""What every service is bolted to. No word of school life lives here but the tenant's key."""
