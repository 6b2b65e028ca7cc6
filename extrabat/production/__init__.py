"""What only an installation of one's own needs: images, secrets, probes, backups."""
