"""Measures the assistant: gold files, metrics, rival systems, reports."""
