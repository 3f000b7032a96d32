"""The portal's styles and scripts as we write them, and how they are built."""
