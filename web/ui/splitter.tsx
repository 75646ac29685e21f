/** A line between two panels: dragged by pointer, moved by arrow keys, double click gives the width of the start. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import './splitter.css';

export interface Width {
  readonly pixels: number;
  set(pixels: number): void;
}

export interface WidthLimits {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/** A width in pixels, remembered in this browser. */
export function useStoredWidth(name: string, limits: WidthLimits): Width {
  const key = `brokerlab.width.${name}`;
  const clamp = (pixels: number): number => Math.round(Math.min(limits.max, Math.max(limits.min, pixels)));
  const [pixels, setPixels] = useState(() => clamp(Number(localStorage.getItem(key) ?? limits.initial)));
  return {
    pixels,
    set: (next) => {
      setPixels(clamp(next));
      localStorage.setItem(key, String(clamp(next)));
    },
  };
}

const stepPixels = 16;

export function Splitter(props: { label: string; width: Width; limits: WidthLimits }) {
  const { width, limits } = props;
  const [drag, setDrag] = useState<{ x: number; pixels: number } | null>(null);
  const onPointerDown = (event: PointerEvent): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ x: event.clientX, pixels: width.pixels });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    width.set(width.pixels + direction * stepPixels * (event.shiftKey ? 4 : 1));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is a widget, not a rule
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={width.pixels}
      aria-valuemin={limits.min}
      aria-valuemax={limits.max}
      tabIndex={0}
      data-dragging={drag !== null}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => drag && width.set(drag.pixels + event.clientX - drag.x)}
      onPointerUp={() => setDrag(null)}
      onPointerCancel={() => setDrag(null)}
      onDoubleClick={() => width.set(limits.initial)}
      onKeyDown={onKeyDown}
    />
  );
}
