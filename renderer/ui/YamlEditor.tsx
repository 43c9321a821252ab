import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { oneDark } from '@codemirror/theme-one-dark';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '../../main/contract/errors.ts';
import { type Complete, completeWith } from './yaml-completion.ts';

export type YamlEditorProps = {
  readonly label: string;
  /** Where the editor begins; a new `key` begins anew. */
  readonly initial: string;
  readonly readOnly?: boolean;
  readonly problems?: readonly Problem[];
  /** Absent: nothing is offered. */
  readonly complete?: Complete;
  readonly onChange?: (text: string) => void;
  /** Ctrl or Cmd + S. */
  readonly onSave?: () => void;
};

/** A YAML file with the lines marked that problems name. */
export function YamlEditor(props: YamlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  const [view, setView] = useState<EditorView>();
  const [scheme] = useState(() => new Compartment());
  const isDark = useComputedColorScheme('light') === 'dark';

  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (!place.current) return;
    const made = createView(place.current, latest, scheme);
    setView(made);
    return () => made.destroy();
  }, [scheme]);
  useEffect(() => view?.dispatch({ effects: scheme.reconfigure(isDark ? [oneDark] : []) }), [view, scheme, isDark]);
  useEffect(() => {
    if (view) view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, props.problems ?? [])));
  }, [view, props.problems]);

  return <div ref={place} className="editor" data-readonly={props.readOnly ?? false} />;
}

function createView(parent: HTMLElement, latest: { current: YamlEditorProps }, scheme: Compartment): EditorView {
  const { initial, label, readOnly = false } = latest.current;
  const save = () => {
    latest.current.onSave?.();
    return true;
  };
  const state = EditorState.create({
    doc: initial,
    extensions: [
      history(),
      keymap.of([
        { key: 'Mod-s', run: save, preventDefault: true },
        ...completionKeymap,
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      lineNumbers(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
      yaml(),
      lintGutter(),
      autocompletion({
        override: [completeWith((before, after) => latest.current.complete?.(before, after) ?? [])],
        icons: false,
      }),
      scheme.of([]),
      EditorState.readOnly.of(readOnly),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': String(readOnly) }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
      }),
    ],
  });
  return new EditorView({ state, parent });
}

function diagnosticsOf(state: EditorState, problems: readonly Problem[]): Diagnostic[] {
  return problems.flatMap(({ line, severity, message }) => {
    if (line === undefined || line > state.doc.lines) return [];
    const { from, to } = state.doc.line(line);
    return [{ from, to, severity, message }];
  });
}
