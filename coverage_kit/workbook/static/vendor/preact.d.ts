// The parts of preact.js that the screens use.
export type Child = unknown;
export type Component = (props: never) => Child;
export function html(strings: TemplateStringsArray, ...values: unknown[]): Child;
export function render(child: Child, parent: HTMLElement): void;
export function useState<T>(first: T): [T, (next: T) => void];
export function useRef<T extends HTMLElement>(): { current: T | null };
export function useLayoutEffect(effect: () => void | (() => void), dependencies?: unknown[]): void;
