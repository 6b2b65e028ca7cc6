"""Receiving files: what is too heavy never fills the disk."""

from django.core.files.uploadhandler import FileUploadHandler

# Each file; the same figure is said to people by clients/domain/uploads.py.
LARGEST = 20 * 1024 * 1024


class CappedUploadHandler(FileUploadHandler):
    """Drops what comes after the chunk that crosses the limit: the file arrives too large, and is refused as such."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if start > LARGEST else raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one make the file."""
        return
