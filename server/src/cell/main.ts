/** Entry of the cell's process. Everything it knows comes over file descriptor 3, and its end is the cell's end. */
import { Socket } from 'node:net';
import { type CellServer, createCell } from './cell.ts';
import { openFrameChannel } from './frame.ts';
import { decodeJson, FrameType, type StartCell } from './protocol.ts';

let cell: CellServer | undefined;

const channel = openFrameChannel(new Socket({ fd: 3, readable: true, writable: true }), {
  onFrame(frame) {
    if (cell !== undefined) {
      cell.onFrame(frame);
      return;
    }
    const call = decodeJson(frame.payload) as StartCell | undefined;
    if (frame.type !== FrameType.cellCall || call?.kind !== 'start') process.exit(2);
    cell = createCell(call, channel);
  },
  // Brokers write with the page cache's safety: their process may end at any time.
  onClose: () => process.exit(0),
});
