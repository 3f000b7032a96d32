"""The catalogue of this service's tables."""

from chassis.db import Rows, metadata


class Base(Rows):
    __abstract__ = True
    metadata = metadata()
