"""Who is who in one school: pupils, guardians, staff, and the school itself."""
