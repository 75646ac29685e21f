/**
 * The files opened in this window: their texts as Monaco models, each saved as it is typed (save-machine.ts), re-read
 * when a program or another window changes them. Outside React, so that moving panels loses nothing.
 */
import type { Language, Localized } from '@brokerlab/server/contract';
import type { editor } from 'monaco-editor/editor.js';
import { CallError, call, textOf } from '../../api/rest.ts';
import { createStore } from '../../ui/store.ts';
import { folderOf } from './file-rows.ts';
import { type EditorModule, loadMonaco } from './load-monaco.ts';
import { isProgram, readPrograms } from './programs.ts';
import { type SaveEvent, type SaveState, stepSave } from './save-machine.ts';

const pauseMs = 400;
const openMax = 20;
const settleMsMax = 5_000;

export interface OpenFile {
  readonly path: string;
  readonly save: SaveState | null;
  /** Why it can't be shown or saved, in words. */
  readonly problem: Localized | null;
}

export interface DeskState {
  readonly open: readonly OpenFile[];
  readonly active: string | null;
  /** A line to go to; a new object each time. */
  readonly revealed: { readonly path: string; readonly line: number } | null;
}

interface Document {
  readonly model: editor.ITextModel;
  save: SaveState;
  timer: ReturnType<typeof setTimeout> | null;
  /** The text is being replaced by the box's: not an edit. */
  loading: boolean;
}

export class FileDesk {
  readonly store = createStore<DeskState>({ open: [], active: null, revealed: null });
  readonly #labId: string;
  readonly #documents = new Map<string, Document>();
  readonly #storageKey: string;
  #editor: EditorModule | null = null;
  #disposed = false;

  constructor(labId: string, owner: string) {
    this.#labId = labId;
    this.#storageKey = `brokerlab.files.${owner}.${labId}`;
  }

  /** Opens what was open when this lab was last left. */
  async restore(language: Language): Promise<void> {
    const remembered = readRemembered(this.#storageKey);
    for (const path of remembered.open) await this.open(path, language);
    if (remembered.active) this.activate(remembered.active);
  }

  async open(path: string, language: Language): Promise<void> {
    const { open } = this.store.get();
    if (!open.some((file) => file.path === path)) {
      const evicted = open.length >= openMax ? open.find((file) => file.save?.kind === 'saved') : undefined;
      if (evicted) this.close(evicted.path);
      this.store.set((now) => ({ open: [...now.open, { path, save: null, problem: null }], active: path }));
    }
    this.activate(path);
    if (this.#documents.has(path)) return;
    try {
      const [module, file] = await Promise.all([
        loadMonaco(language),
        call('readFile', { path: { labId: this.#labId }, query: { path } }),
      ]);
      this.#editor = module;
      if (!this.#disposed && this.#isOpen(path) && !this.#documents.has(path)) this.#adopt(path, file);
      if (isProgram(path)) this.#readPrograms(null);
    } catch (error) {
      this.#show(path, { problem: textOf(error) });
    }
  }

  modelOf(path: string): editor.ITextModel | null {
    return this.#documents.get(path)?.model ?? null;
  }

  activate(path: string): void {
    if (!this.#isOpen(path)) return;
    this.store.set({ active: path });
    this.#remember();
  }

  reveal(path: string, line: number): void {
    if (this.#isOpen(path)) this.store.set({ revealed: { path, line } });
  }

  /** True once what is typed stands in the box: for whoever runs it. */
  async settled(path: string): Promise<boolean> {
    this.#save(path, { keepalive: false });
    const isSaved = () => this.#documents.get(path)?.save.kind === 'saved';
    if (isSaved()) return true;
    return await new Promise<boolean>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        end();
        resolve(isSaved());
      };
      const timer = setTimeout(done, settleMsMax);
      const end = this.store.subscribe(() => isSaved() && done());
    });
  }

  close(path: string): void {
    this.#save(path, { keepalive: false });
    this.#drop(path);
    this.store.set(({ open, active }) => {
      const at = open.findIndex((file) => file.path === path);
      const left = open.filter((file) => file.path !== path);
      return {
        open: left,
        active: active === path ? (left[Math.min(at, left.length - 1)]?.path ?? null) : active,
      };
    });
    this.#remember();
  }

  keepMine(path: string): void {
    this.#step(path, { type: 'keepMine' });
  }

  retry(path: string): void {
    this.#step(path, { type: 'retry' });
  }

  async takeTheirs(path: string): Promise<void> {
    await this.#read(path, { evenWhenEdited: true });
  }

  /** A file or a folder has a new name: what is open below it follows. */
  async renamed(from: string, to: string, language: Language): Promise<void> {
    const affected = this.store.get().open.filter(({ path }) => path === from || path.startsWith(`${from}/`));
    for (const { path } of affected) {
      this.#forget(path);
      await this.open(to + path.slice(from.length), language);
    }
  }

  deleted(path: string): void {
    const affected = this.store
      .get()
      .open.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
    for (const file of affected) this.#forget(file.path);
  }

  /** Something changed in these folders: open files there are read again. */
  filesChanged(folders: readonly string[]): void {
    for (const path of this.#documents.keys()) {
      if (folders.includes(folderOf(path))) void this.#read(path, { evenWhenEdited: false });
    }
    if ([...this.#documents.keys()].some(isProgram)) this.#readPrograms(folders);
  }

  /** Connected again, or the environment is back: what could not be saved is tried again. */
  retryAll(): void {
    for (const [path, document] of this.#documents) {
      if (document.save.kind === 'failed') this.#step(path, { type: 'retry' });
    }
    for (const file of this.store.get().open)
      if (!this.#documents.has(file.path)) this.#show(file.path, { problem: null });
  }

  /** Now, without waiting for a pause in typing; `keepalive` when the page goes away. */
  flush(options: { keepalive: boolean }): void {
    for (const path of this.#documents.keys()) this.#save(path, options);
  }

  dispose(): void {
    this.flush({ keepalive: true });
    this.#disposed = true;
    for (const path of [...this.#documents.keys()]) this.#drop(path);
    this.#editor?.programs.forgetPrograms();
  }

  #readPrograms(folders: readonly string[] | null): void {
    const programs = this.#editor?.programs;
    if (programs) void readPrograms(this.#labId, { programs, folders });
  }

  #adopt(path: string, file: { content: string; version: string }): void {
    if (!this.#editor) return;
    const { monaco, uriOf } = this.#editor;
    const uri = uriOf(path);
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(file.content, undefined, uri);
    const document: Document = {
      model,
      save: { kind: 'saved', base: file.version },
      timer: null,
      loading: false,
    };
    model.onDidChangeContent(() => {
      if (!document.loading) this.#step(path, { type: 'edited' });
    });
    this.#documents.set(path, document);
    this.#show(path, { save: document.save, problem: null });
  }

  #step(path: string, event: SaveEvent): void {
    const document = this.#documents.get(path);
    if (!document) return;
    const { state, effect } = stepSave(document.save, event);
    if (state !== document.save) {
      document.save = state;
      this.#show(path, { save: state, ...(state.kind === 'failed' ? {} : { problem: null }) });
    }
    if (effect === 'none') return;
    if (document.timer) clearTimeout(document.timer);
    document.timer = null;
    if (effect === 'schedule') document.timer = setTimeout(() => this.#step(path, { type: 'due' }), pauseMs);
    else void this.#write(path, document);
  }

  async #write(path: string, document: Document, keepalive = false): Promise<void> {
    const body = { path, content: document.model.getValue(), baseVersion: document.save.base };
    try {
      const saved = await call('saveFile', { path: { labId: this.#labId }, body, keepalive });
      this.#step(path, { type: 'stored', version: saved.version });
    } catch (error) {
      this.#refused(path, error);
    }
  }

  #refused(path: string, error: unknown): void {
    const code = error instanceof CallError ? error.code : 'internal';
    const version = error instanceof CallError ? error.detail?.version : undefined;
    if (code === 'fileChanged' && version !== undefined) {
      this.#step(path, { type: 'changedElsewhere', version });
      return;
    }
    this.#step(path, { type: 'refused', offline: code === 'unreachable' || code === 'environmentNotReady' });
    this.#show(path, { problem: textOf(error) });
  }

  #save(path: string, options: { keepalive: boolean }): void {
    const document = this.#documents.get(path);
    if (document?.save.kind !== 'dirty') return;
    if (document.timer) clearTimeout(document.timer);
    const { state } = stepSave(document.save, { type: 'due' });
    document.save = state;
    void this.#write(path, document, options.keepalive);
  }

  async #read(path: string, options: { evenWhenEdited: boolean }): Promise<void> {
    const document = this.#documents.get(path);
    if (!document || (document.save.kind !== 'saved' && !options.evenWhenEdited)) return;
    try {
      const file = await call('readFile', { path: { labId: this.#labId }, query: { path } });
      if (document.save.kind !== 'saved' && !options.evenWhenEdited) return;
      if (file.content !== document.model.getValue()) replaceText(document, file.content);
      this.#step(path, { type: 'loaded', version: file.version });
    } catch (error) {
      if (error instanceof CallError && error.code === 'fileNotFound')
        this.#show(path, { problem: error.text });
    }
  }

  #show(path: string, change: Partial<OpenFile>): void {
    this.store.set(({ open }) => ({
      open: open.map((file) => (file.path === path ? { ...file, ...change } : file)),
    }));
  }

  #isOpen(path: string): boolean {
    return this.store.get().open.some((file) => file.path === path);
  }

  /** Closes without saving: the path is no more. */
  #forget(path: string): void {
    this.#drop(path);
    this.close(path);
  }

  #drop(path: string): void {
    const document = this.#documents.get(path);
    if (document?.timer) clearTimeout(document.timer);
    document?.model.dispose();
    this.#documents.delete(path);
  }

  #remember(): void {
    const { open, active } = this.store.get();
    try {
      localStorage.setItem(this.#storageKey, JSON.stringify({ open: open.map((file) => file.path), active }));
    } catch {
      // Which files were open is only a convenience.
    }
  }
}

/** As an edit that can be undone and keeps the cursor near where it was. */
function replaceText(document: Document, content: string): void {
  document.loading = true;
  const { model } = document;
  model.pushEditOperations(null, [{ range: model.getFullModelRange(), text: content }], () => null);
  document.loading = false;
}

function readRemembered(key: string): { open: string[]; active: string | null } {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? '{}') as { open?: unknown; active?: unknown };
    return {
      open: Array.isArray(stored.open) ? stored.open.filter((path) => typeof path === 'string') : [],
      active: typeof stored.active === 'string' ? stored.active : null,
    };
  } catch {
    return { open: [], active: null };
  }
}
