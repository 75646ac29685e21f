/** Markdown of labs: tables and code, no raw HTML; links leave in a new tab without telling where from. */
import type { ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { Words } from './words.tsx';
import './markdown.css';

const link: NonNullable<Components['a']> = ({ href, children }) => (
  <a href={href} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);

/** Wide code scrolls, so it must be reachable by keyboard. */
const pre: NonNullable<Components['pre']> = ({ children }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be focusable
  <pre tabIndex={0}>{children}</pre>
);

/** Within a sentence; blocks keep their lines. */
const code: NonNullable<Components['code']> = ({ children, className }) => (
  <code className={className}>
    {typeof children === 'string' && !children.includes('\n') ? <Words text={children} /> : children}
  </code>
);

const blockComponents: Components = { a: link, pre, code };
const inlineComponents: Components = { a: link, code, p: ({ children }) => <Bare>{children}</Bare> };

export function Prose({ text }: { text: string }) {
  return (
    <div className="prose">
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={blockComponents}>
        {text}
      </Markdown>
    </div>
  );
}

/** One line of it: titles, questions, messages. */
export function Inline({ text }: { text: string }) {
  return (
    <span className="prose-inline">
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={inlineComponents}>
        {text}
      </Markdown>
    </span>
  );
}

function Bare({ children }: { children?: ReactNode }) {
  return children;
}
