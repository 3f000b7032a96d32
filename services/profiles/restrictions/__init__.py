"""What takes a right away from one adult about one child: orders, what a child holds back, who must not meet."""
