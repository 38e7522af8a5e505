// Types that the screens share: elements, what comes with the page, and which response answers which request.
import type * as M from "../messages.d.ts";

// Elements and texts ---------------------------------------------------------------------------

export type Child = Node | string | number | false | null | undefined | readonly Child[];
/** Attributes, properties and listeners of an element. */
export type Props = {
  [E in keyof HTMLElementEventMap as `on${E}`]?: (event: HTMLElementEventMap[E]) => void;
} & Record<string, unknown>;
export type Translate = (key: string, values?: Record<string, unknown>) => string;
/** A text, or one for each plural form of the value named `by`. */
export type Word = string | { by: string; one: string; other: string };
export type Language = "ko" | "en";
/** A value of a choice, and its label. */
export type Option = [value: string, label: string];
/** A label and what happens when it is chosen. */
export type Action = [label: string, act: () => void];

/** The widget's model, as anywidget hands it over. */
export interface Model {
  get(name: "words"): Record<Language, Record<string, Word>>;
  get(name: "vocabulary"): Record<string, string[]>;
  get(name: "lang"): Language;
  send(content: unknown, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: "msg:custom", listener: (message: Incoming) => void): void;
  off(event: "msg:custom", listener: (message: Incoming) => void): void;
}
/** What anywidget hands to a screen. */
export interface Widget {
  model: Model;
  el: HTMLElement;
}

// Requests and responses -----------------------------------------------------------------------

/** What a screen asks, what comes back by kind of request, what it writes, and what says that it is written. */
export interface Screen {
  request: { kind: string };
  responses: object;
  edit: { kind: string };
  saved: { kind: string; edit_id?: string };
}
/** Any response; a refusal has no other shape on any screen. */
export type Incoming =
  | M.CoachResponse
  | M.ImportResponse
  | M.StartPageResponse
  | M.RoleListsResponse
  | M.MyPageResponse
  | M.ContactsResponse
  | M.DuplicatesResponse
  | M.AuditResponse;

type OfKind<R, K> = R extends { kind: infer Own } ? (K extends Own ? R : never) : never;
type Sent = "kind" | "seq" | "clock" | "link";
type Without<R, Keys extends string> = R extends unknown ? Omit<R, Keys> : never;

export type Kind<S extends Screen> = S["request"]["kind"] & keyof S["responses"];
/** What a request of a kind says. */
export type Body<S extends Screen, K> = Without<OfKind<S["request"], K>, Sent>;
export type Reply<S extends Screen, K extends keyof S["responses"]> = S["responses"][K] | M.Problem;
/** An edit as a screen hands it over; the connection adds the rest. */
export type EditBody<S extends Screen> = S["edit"] extends infer E
  ? E extends { kind: "edit" }
    ? Omit<E, Sent> & { kind?: "edit"; text?: string }
    : Without<E, "seq" | "clock" | "link">
  : never;
export type Saved<S extends Screen> = S["saved"] | M.Problem;

/** An edit in the outbox. `text` is what was typed. */
export interface Outgoing {
  kind: string;
  edit_id: string;
  account?: string | null;
  role?: string;
  field?: M.Edit["field"];
  base?: number;
  value?: EditValue;
  text?: string;
}
/** The value of an edit, whatever its field. */
export type EditValue = string | boolean | null | undefined | EditDetails;
export type EditDetails = Partial<M.Exemption & Omit<M.Departure & M.Details, "kind">> & {
  commitment?: string | null;
};
export type ValueOf<F, E = M.Edit> = E extends { field: infer Own; value?: infer Value }
  ? F extends Own
    ? Value
    : never
  : never;

interface AccountResponses {
  hello: M.HelloResponse;
  open: M.PageResponse;
  ahead: M.PrefetchResponse;
  find: M.FindResponse;
  cards: M.CardsResponse;
  commitments: M.CommitmentsResponse;
  history: M.HistoryResponse;
  person: M.PersonResponse;
  said: M.SaidResponse;
  paths: M.PathsResponse;
  rhythm: M.RhythmResponse;
  desk: M.DeskResponse;
  record_answer: M.DeskResponse;
  read_replies: M.DeskResponse;
  make_minutes: M.MinutesResponse;
  prepare: M.PreparedResponse;
  private_note: M.PreparedResponse;
  plan_hour: M.PreparedResponse;
  undo_preparing: M.PreparedResponse;
  propose: M.DeskResponse;
  sign: M.DeskResponse;
  cancel_coaching: M.DeskResponse;
  undo_desk: M.DeskResponse;
  asks: M.AsksResponse;
  send_ask: M.AsksResponse;
  undo_ask: M.AsksResponse;
  print_agreement: M.FileResponse;
  start: M.SessionResponse;
  resume: M.SessionResponse;
  account: M.SessionAccountResponse;
  draft: M.DraftResponse;
  blind: M.BlindResponse;
  act: M.SessionResponse;
}
/** The rep's workbook and the coach's session; only the coach's kernel knows the session's requests. */
export interface AccountScreen {
  request: M.CoachRequest;
  responses: AccountResponses;
  edit: M.Edit | M.Undo;
  saved: M.SavedResponse | M.ConflictResponse;
}
/** What an act of a session says. */
export type ActBody<A extends M.Act["act"]> = Without<
  Extract<M.Act, { act: A }>,
  Sent | "act" | "edit_id"
>;

export interface StartScreen {
  request: M.StartRequest;
  responses: {
    hello: M.StartResponse;
    accounts: M.AccountsResponse;
    assign: M.AccountsResponse;
    move_teams: M.AccountsResponse;
    undo: M.AccountsResponse;
    report: M.FileResponse;
    make_reports: M.StartResponse;
  };
  edit: never;
  saved: never;
}

export interface MyScreen {
  request: M.MyRequest;
  responses: {
    [
      K in Exclude<M.MyRequest["kind"], "find_mine" | "print_agreement" | "print_review">
    ]: M.MyResponse;
  } & {
    find_mine: M.FoundMineResponse;
    print_agreement: M.FileResponse;
    print_review: M.FileResponse;
  };
  edit: never;
  saved: never;
}

/** The screens whose first response holds the whole page. */
export type FiguresScreen = StartScreen | MyScreen;

export interface ImportScreen {
  request: M.ImportRequest;
  responses: {
    [
      K in Exclude<M.ImportRequest["kind"], "evidence" | "record" | "undo_record" | "file">
    ]: M.ImportState;
  } & {
    evidence: M.EvidenceResponse;
    record: M.EvidenceResponse;
    undo_record: M.EvidenceResponse;
    file: M.FileResponse;
  };
  edit: never;
  saved: never;
}

export interface RolesScreen {
  request: M.RoleListsRequest;
  responses: {
    hello: M.RoleListsState;
    match: M.MatchResponse;
    preview: M.PreviewResponse;
    read_file: M.ListRead;
    files: M.ListFiles;
    accounts: M.AccountsFound;
  };
  edit:
    | M.ApplyLists
    | M.PinLists
    | M.AddOffering
    | M.RenameOffering
    | M.RetireOffering
    | M.SetPath
    | M.Undo;
  saved: M.ListsSaved;
}

export interface AuditScreen {
  request: M.AuditRequest;
  responses: {
    hello: M.AuditState;
    print_audit: M.FileResponse;
    print_sheet: M.FileResponse;
    campaign: M.CampaignState;
    campaign_files: M.ListFiles;
  };
  edit:
    | M.DrawSample
    | M.GiveConsent
    | M.WithdrawConsent
    | M.RemindOfConsent
    | M.OptOut
    | M.LiftOptOut
    | M.ReadMailResults
    | M.Undo;
  saved: M.AuditSaved;
}

export interface DuplicatesScreen {
  request: M.DuplicatesRequest;
  responses: {
    hello: M.DuplicatesState;
    pairs: M.DuplicatesState;
    preview_merge: M.MergePreview;
    corrections: M.CorrectionsResponse;
  };
  edit: M.MergeTwo | M.KeepApart | M.NoteSent | M.Undo;
  saved: M.DuplicatesSaved;
}

export interface ContactsScreen {
  request: M.ContactsRequest;
  responses: { hello: M.ContactsState; contacts: M.ContactsState };
  edit: M.MatchContact | M.MarkContacts | M.Undo;
  saved: M.ContactsSaved;
}

// An account on the screen ----------------------------------------------------------------------

/** A page that is not only a part of one. */
export type WholePage = M.PageView & Required<Pick<M.PageView, "people" | "ties">>;
/** Where a draft is: account or session, role or person, field. */
export type Place = [account: string, role: string, field: string];
/** A draft: its text, the version seen, whose account it is, and whether only Enter sends it. */
export interface Draft {
  text: string;
  base?: number;
  asked?: boolean;
  rep?: string;
  name?: string;
}
/** The state of the connection. */
export interface Status {
  pending: number;
  late: boolean;
  gone: boolean;
  trouble: M.Bilingual | null;
  savedAt: string;
}
