#!/usr/bin/env node
import { join } from 'node:path';
import process from 'node:process';

process.argv.splice(2, 0, join('hub', 'cli.ts'));
await import('./setup.mjs');
