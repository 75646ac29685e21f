/** What a hostile trainee tries, and what comes of it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cell } from '../../server/src/sandbox/sandbox.ts';
import { createTestCells, runIn, type TestCells, whyNoCells } from '../support/cells.ts';

const reason = whyNoCells();

describe.skipIf(reason !== undefined)(`a box ${reason ?? ''}`, () => {
  let cells: TestCells;
  let mine: Cell;
  let neighbour: Cell;
  let machineServer: Server;
  const run = (command: string): Promise<string> => runIn(mine, command);

  beforeAll(async () => {
    cells = await createTestCells();
    [mine, neighbour] = await Promise.all([cells.open('mine'), cells.open('neighbour')]);
    machineServer = createServer((socket) => socket.end('reached')).listen(0, '0.0.0.0');
  });
  afterAll(async () => {
    machineServer?.close();
    await cells?.[Symbol.asyncDispose]();
  });

  it('shows its own processes only, and none of the server in /proc', async () => {
    const commands = await run('cat /proc/[0-9]*/cmdline | tr "\\0" " "');
    expect(commands).toContain('agent/main.mjs');
    expect(commands).not.toContain('cell/main.mjs');
    expect(commands).not.toContain('vitest');
    expect(await run('ls -d /proc/[0-9]* | wc -l').then(Number)).toBeLessThan(10);
  });

  it('has nothing of the server in its environment, not even in that of its first process', async () => {
    process.env.BROKERLAB_TEST_SECRET = 'hunter2';
    const other = await cells.open('environment');
    const seen = await runIn(other, 'cat /proc/[0-9]*/environ | tr "\\0" "\\n"; env');
    expect(seen).toContain('HOME=/home/trainee');
    expect(seen).not.toContain('hunter2');
    await other.close();
  });

  it('has no descriptor but its own three', async () => {
    expect(await run('ls /proc/self/fd | tr "\\n" " "')).toBe('0 1 2 3');
    // 3 is ls's own, of the folder it lists.
    const spoken = await mine.exec({
      command: 'echo out; echo err >&2',
      timeoutMs: 5_000,
      outputBytesMax: 100,
    });
    expect(spoken).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
  });

  it('sees of the file system only programs and its home, and can write nowhere else', async () => {
    expect(
      await run('ls /root /work /data /run /var/lib 2>&1 | grep -c "No such file"').then(Number),
    ).toBeGreaterThan(3);
    for (const path of ['/', '/usr', '/etc', '/opt/brokerlab', '/opt/brokerlab/shell', '/dev', '/home']) {
      expect(await run(`touch ${path}/x 2>&1`)).toMatch(/Read-only|Permission denied|cannot touch/);
    }
    expect(await run('touch ~/x /tmp/x /dev/shm/x && echo written')).toBe('written');
  });

  it('cannot read password files or devices', async () => {
    expect(await run('cat /etc/shadow 2>&1')).toMatch(/No such file/);
    expect(await run('ls /dev')).not.toMatch(/vda|sda|mem|kmsg/);
  });

  it("does not reach the machine's own ports, nor the network", async () => {
    const address = machineServer.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await run(`(exec 4<>/dev/tcp/127.0.0.1/${port}) 2>&1`)).toMatch(/refused/);
    expect(await run('cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d " "')).toBe('lo');
    expect(await run('(exec 4<>/dev/tcp/1.1.1.1/53) 2>&1')).toMatch(/unreachable/);
  });

  it("does not reach a neighbour's ports, though both use the same numbers", async () => {
    const listen =
      'node -e "require(\'net\').createServer(s=>s.end(process.env.WHO)).listen(9092,()=>console.log(1))"';
    const listener = (cell: Cell, who: string): Promise<unknown> =>
      cell.exec({
        command: `(WHO=${who} ${listen} & sleep 2; kill %1) | cat`,
        timeoutMs: 5_000,
        outputBytesMax: 100,
      });
    const running = [listener(mine, 'mine'), listener(neighbour, 'neighbour')];
    const ask =
      'for i in $(seq 50); do exec 4<>/dev/tcp/localhost/9092 && cat <&4 && break; sleep 0.05; done 2>/dev/null';
    expect(await Promise.all([runIn(mine, ask), runIn(neighbour, ask)])).toEqual(['mine', 'neighbour']);
    await Promise.all(running);
  });

  it("does not reach the machine's abstract sockets", async () => {
    const abstract = createServer((socket) => socket.end('reached')).listen('\0brokerlab-test');
    const answer = await run(
      "node -e \"require('net').connect('\\0brokerlab-test').on('error',e=>console.log(e.code)).on('data',d=>console.log(String(d)))\"",
    );
    abstract.close();
    expect(answer).toMatch(/ECONNREFUSED|ENOENT|ERR_INVALID_ARG_VALUE/);
  });

  it('follows no link out of the home for the editor', async () => {
    writeFileSync(join(cells.dataDir, 'secret.txt'), 'hunter2');
    await run(`ln -sfn ${cells.dataDir} ~/out; ln -sf /etc/passwd ~/passwd; ln -sfn / ~/root`);
    await expect(mine.files.read('out/secret.txt')).rejects.toMatchObject({ code: 'notFound' });
    for (const path of ['passwd', 'root/etc/passwd', '../trainee/../../etc/passwd', '/../etc/passwd']) {
      await expect(mine.files.read(path)).rejects.toMatchObject({ code: 'badPath' });
    }
    await expect(mine.files.write('root/tmp/x', 'y')).rejects.toMatchObject({ code: 'badPath' });
    await expect(mine.files.write('passwd', 'y')).rejects.toMatchObject({ code: 'badPath' });
    await expect(mine.files.list('root')).rejects.toMatchObject({ code: 'badPath' });
  });

  it('gets no new namespaces, mounts, traces or kernel doors', async () => {
    expect(await run('unshare -U true 2>&1')).toMatch(/not permitted/);
    expect(await run('unshare -r true 2>&1')).toMatch(/not permitted/);
    expect(await run('mount -t tmpfs x /tmp 2>&1; bwrap --ro-bind / / true 2>&1')).toMatch(
      /denied|not permitted|superuser|No permissions/,
    );
    expect(await run('dmesg 2>&1')).toMatch(/not permitted/);
    expect(
      await run('id -u; grep -E "^(CapEff|NoNewPrivs|Seccomp):" /proc/self/status | tr -s "\\t" " "'),
    ).toBe('1000\nCapEff: 0000000000000000\nNoNewPrivs: 1\nSeccomp: 2');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'runs as a user of its own, who owns its folders, closed to all others',
    async () => {
      const { stdout } = await mine.exec({
        command: 'cat /proc/self/uid_map',
        timeoutMs: 5_000,
        outputBytesMax: 1_000,
      });
      expect(stdout.trim()).toMatch(/^1000\s+\d+\s+1$/);
      const one = statSync(join(cells.dataDir, 'cells/mine'));
      const other = statSync(join(cells.dataDir, 'cells/neighbour'));
      expect(one.uid).toBeGreaterThanOrEqual(200_000);
      expect(other.uid).not.toBe(one.uid);
      expect(one.mode & 0o777).toBe(0o700);
    },
  );

  it('that kills everything in it is started anew, and its home is as it was', async () => {
    await run('echo kept > ~/kept.txt');
    const anew = new Promise<void>((resolve) => {
      const end = mine.onState((state) => {
        if (state.kind !== 'ready') return;
        end();
        resolve();
      });
    });
    void mine.exec({ command: 'kill -9 -1', timeoutMs: 5_000, outputBytesMax: 100 }).catch(() => undefined);
    await anew;
    expect(await run('cat ~/kept.txt')).toBe('kept');
  });

  it('leaves no process of a closed cell behind', async () => {
    const other = await cells.open('closing');
    void other
      .exec({ command: 'sleep 4242 & setsid sleep 4242 & wait', timeoutMs: 60_000, outputBytesMax: 10 })
      .catch(() => undefined);
    await expect.poll(() => running('sleep\x004242')).toBe(2);
    await other.close();
    await expect.poll(() => running('sleep\x004242')).toBe(0);
  });
});

function running(commandLine: string): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').startsWith(commandLine);
    } catch {
      return false;
    }
  }).length;
}
