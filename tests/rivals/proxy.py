"""A proxy before PostgreSQL that cuts the line once a commit was sent, before its answer.

Two ways: at once, so that nobody knows whether the server still commits; or after the server
answered, so that it did and only the caller does not know.
"""

import asyncio
import threading
from pathlib import Path

COMMIT = b"COMMIT\x00"
AT_ONCE, AFTER_THE_ANSWER = "at once", "after the answer"


class Proxy:
    """Stands in a folder of its own, as the server does in its own; cuts when it was told to."""

    def __init__(self, server, folder):
        self.server = Path(server) / ".s.PGSQL.5432"
        self.socket = Path(folder) / ".s.PGSQL.5432"
        self.way = ""
        self.cuts = 0
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda _loop, _told: None)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        while not self.socket.exists():
            self.thread.join(0.01)
        return self

    def __exit__(self, *_error):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def cut_next(self, way):
        """Cut the line at the next commit."""
        self.way = way

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_unix_server(self._serve, self.socket))
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def _serve(self, reader, writer):
        from_server, to_server = await asyncio.open_unix_connection(self.server)
        answering = asyncio.ensure_future(_pump(from_server, writer))
        while data := await reader.read(65536):
            to_server.write(data)
            await to_server.drain()
            if self.way and COMMIT in data:
                way, self.way = self.way, ""
                self.cuts += 1
                answering.cancel()
                if way == AFTER_THE_ANSWER:
                    await asyncio.wait([answering])
                    await from_server.read(1)
                break
        for one in (writer, to_server):
            one.close()
        answering.cancel()


async def _pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
