"""The company and its stores."""
