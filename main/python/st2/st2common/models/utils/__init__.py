"""Helpers that StackStorm keeps beside its models."""
