"""Two homes of one child: what both have asked to share of their appointments. Nothing, unless everyone says yes."""
