import { inquiryFields } from '../contract/inquiries.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { NoticeButton } from '../contract/notices.ts';

/** More do not fit on a notice. */
const MOST = 3;

/** The answers that a question leaves, where it asks for one thing and there are few: else a form has to be filled in. */
export function answerButtons(schema: JsonObject): NoticeButton[] {
  const [only, ...others] = Object.entries(inquiryFields(schema));
  if (!only || others.length > 0) return [];
  const [name, spec] = only;
  if (spec.secret) return [];
  const choices = choicesOf(spec);
  return choices.length > MOST
    ? []
    : choices.map(({ label, value }) => ({ does: 'answer', label, response: { [name]: value } }));
}

function choicesOf({ type, enum: values }: { type?: unknown; enum?: readonly Json[] | undefined }) {
  if (type === 'boolean') {
    return [
      { label: 'Yes', value: true },
      { label: 'No', value: false },
    ];
  }
  const texts = (values ?? []).filter((value) => typeof value === 'string');
  return texts.length === values?.length ? texts.map((value) => ({ label: value, value })) : [];
}
