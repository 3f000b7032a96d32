"""Faults on real processes: killed, stopped, started; nothing lost, nothing twice, order kept."""
