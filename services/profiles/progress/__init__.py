"""Progress notes: how it goes, in plain words from each teacher to each home, with a reply box. No grades."""
