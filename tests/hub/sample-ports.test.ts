import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { portIsFree } from '../../hub/engines/processes.ts';
import { HeldPorts, sampleWorld } from '../../hub/sample.ts';

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-ports-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test('of two hubs that begin a story at once, each has ports of its own', async () => {
  const begun = [newFolder(), newFolder()].map(async (folder) => {
    const held = new HeldPorts();
    onTestFinished(() => held.letGo());
    const { ports, platforms } = await sampleWorld(folder, (port) => held.take(port));
    return { held, all: [...Object.values(ports), ...Object.values(platforms)] };
  });
  const worlds = await Promise.all(begun);
  const all = worlds.flatMap((world) => world.all);
  expect(new Set(all).size).toBe(all.length);
  for (const port of all) expect(await portIsFree(port, '127.0.0.1')).toBe(false);
  for (const { held } of worlds) await held.letGo();
  for (const port of all) expect(await portIsFree(port, '127.0.0.1')).toBe(true);
});

test('a story that was begun before keeps its ports, or says which one is taken', async () => {
  const folder = newFolder();
  const held = new HeldPorts();
  onTestFinished(() => held.letGo());
  const world = await sampleWorld(folder, (port) => held.take(port));
  await expect(sampleWorld(folder)).rejects.toMatchObject({ code: 'sample-port-taken' });
  await held.letGo();
  expect((await sampleWorld(folder)).ports).toEqual(world.ports);
});
