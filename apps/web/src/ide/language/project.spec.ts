import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { gatherTypes } from '../../../candidate-types.mjs';
import { createProject } from './project.js';

const types = await gatherTypes();

/** A project of these files; a `package.json` that says `module` is there unless one is given. */
function open(files: Record<string, string>) {
  const project = createProject(ts, types);
  const all = { 'package.json': '{"type":"module"}', ...files };
  for (const [path, text] of Object.entries(all)) project.setFile(path, text);
  return project;
}

const SERVER = `import express from 'express';
import { randomUUID } from 'node:crypto';
import cors from 'cors';
import jwt from 'jsonwebtoken';
import { readFile } from 'node:fs/promises';
import { all, settings } from './store.js';

const app = express();
app.use(cors());
app.use(express.json());
app.use(async (req, res, next) => {
  const [, token] = (req.headers.authorization ?? '').split(' ');
  try {
    req.user = jwt.verify(token, process.env.SECRET);
  } catch (error) {
    return res.status(401).json({ title: error.message });
  }
  next();
});
app.get('/v1/books/:id', async (req, res) => {
  const book = (await all()).find((one) => one.id === req.params.id);
  if (!book) return res.status(404).json({ title: 'No such book', status: 404 });
  book.seen = (book.seen || 0) + 1;
  settings.colour = req.query.colour;
  res.set('ETag', randomUUID()).json({ ...book, text: await readFile('x', 'utf8') });
});
app.use((error, req, res, next) => {
  if (res.headersSent) return next(error);
  res.status(error.status ?? 500).json({ title: error.message });
});
app.listen(process.env.PORT);
`;
const STORE = `const books = new Map();
export const settings = {};
export async function all() { return [...books.values()]; }
`;

const faults = (project: ReturnType<typeof open>, path: string) =>
  project.diagnose(path).filter(({ severity }) => severity === 'error');

describe("a project's language service", () => {
  it('finds no fault with a correct Express application in JavaScript', () => {
    const project = open({ 'server.js': SERVER, 'store.js': STORE });
    expect(faults(project, 'server.js')).toEqual([]);
    expect(faults(project, 'store.js')).toEqual([]);
  });

  it('finds no fault with CommonJS', () => {
    const text = `const express = require('express');
const { join } = require('node:path');
const app = express();
module.exports = { app, here: join(__dirname, 'x') };
app.get('/', (req, res) => { res.send(String(Buffer.from('x'))); });
`;
    expect(faults(open({ 'package.json': '{}', 'app.js': text }), 'app.js')).toEqual([]);
  });

  it.each([
    ['cors', 'import x from "cors"; x();'],
    ['zod', 'import { z } from "zod"; z.object({ a: z.string() }).parse({});'],
    ['pino', 'import pino from "pino"; pino().info("x");'],
    ['pg', 'import pg from "pg"; new pg.Pool().query("SELECT 1");'],
    ['ioredis', 'import { Redis } from "ioredis"; new Redis();'],
    ['helmet', 'import helmet from "helmet"; helmet();'],
    ['uuid', 'import { v4 } from "uuid"; v4();'],
    ['express-session', 'import s from "express-session"; s({ secret: "x" });'],
    ['supertest', 'import request from "supertest"; request({}).get("/");'],
    ['multer', 'import multer from "multer"; multer({ dest: "x" });'],
    ['nodemailer', 'import n from "nodemailer"; n.createTransport({});'],
    ['dotenv', 'import "dotenv/config";'],
  ])('knows the vendored package %s', (_name, text) => {
    expect(faults(open({ 'a.js': text }), 'a.js')).toEqual([]);
  });

  it.each([
    ['a name that is not there', 'consol.log(1);', 'consol'],
    ['a misspelt method', 'import express from "express"; express().lisen(1);', 'lisen'],
    ['a module that is not there', 'import x from "./nowhere.js"; x;', '"./nowhere.js"'],
    ['a syntax error', 'const x = (;', ';'],
    ['a constant that changes', 'const a = 1; a = 2;', 'a'],
  ])('tells of %s in JavaScript', (_what, text, where) => {
    const [fault, ...more] = faults(open({ 'a.js': text }), 'a.js');
    expect(text.slice(fault?.from, fault?.to)).toBe(where);
    expect(more).toEqual([]);
  });

  it('checks types in TypeScript, where they were promised', () => {
    const project = open({ 'a.ts': 'export const a: number = "x";' });
    expect(faults(project, 'a.ts')).toMatchObject([{ from: 13, to: 14 }]);
  });

  it('fades what is not used', () => {
    expect(open({ 'a.js': 'import os from "node:os";\n' }).diagnose('a.js')).toMatchObject([
      { severity: 'unused' },
    ]);
  });

  it('completes what a request and a response offer, and explains it', () => {
    const text = `import express from 'express';\nexpress().get('/', (req, res) => { res. });\n`;
    const project = open({ 'a.js': text });
    const offset = text.indexOf('res. ') + 4;
    const names = project.complete('a.js', offset).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['json', 'status', 'sendFile', 'setHeader']));
    expect(project.explain('a.js', offset, 'json')).toContain('Send JSON response');
  });

  it('says what lies under the pointer', () => {
    const text = `import { createServer } from 'node:http';\ncreateServer();\n`;
    const hover = open({ 'a.js': text }).hover('a.js', text.lastIndexOf('createServer') + 3);
    expect(hover?.signature).toContain('createServer');
    expect(hover?.about).toMatch(/new instance of.*Server/);
  });

  it('follows a file that changes, comes and goes', () => {
    const project = open({ 'a.js': 'import { b } from "./b.js"; b();' });
    expect(faults(project, 'a.js')).toHaveLength(1);
    project.setFile('b.js', 'export const b = () => 1;');
    expect(faults(project, 'a.js')).toEqual([]);
    project.removeFile('b.js');
    expect(faults(project, 'a.js')).toHaveLength(1);
  });
});
