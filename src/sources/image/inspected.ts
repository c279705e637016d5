import { known } from '../../model/container/container.js';
import type { Place } from '../../model/place.js';
import { listOf, objectOf, parsedJson, type Json } from '../text/plainJson.js';
import type { ImageFacts, ImageMetadata } from './facts.js';

/** What the engine says of an image that is on this machine. */
export interface InspectedImage {
  /** Config.User; root where it is empty. */
  readonly user: string;
  /** The label `devcontainer.metadata`, its entries merged in their order. */
  readonly metadata: ImageMetadata;
}

/** Asks the engine of this machine. undefined: there is none, it does not have the image, or the text is no reference. Never throws. */
export type InspectImage = (reference: string) => Promise<InspectedImage | undefined>;

/** What was read of a Dockerfile is of the image before: the engine knows the users and the label, and nothing of what is installed. */
export function withInspected(facts: ImageFacts, inspected: InspectedImage | undefined, place: Place): ImageFacts {
  return inspected === undefined
    ? facts
    : { ...facts, user: known(inspected.user, place), metadata: inspected.metadata };
}

/**
 * Reads what `docker image inspect --format '{{json .Config}}'` prints (Podman prints the same).
 * undefined: it is not that. A label that is no JSON says nothing, as for the dev container CLI.
 */
export function readInspectedImage(output: string): InspectedImage | undefined {
  const config = objectOf(parsedJson(output));
  if (!config) return undefined;
  const label = objectOf(config['Labels'])?.['devcontainer.metadata'];
  const entries = typeof label === 'string' ? parsedJson(label) : [];
  const list: readonly unknown[] = Array.isArray(entries) ? entries : [entries];
  return {
    user: text(config['User']) ?? 'root',
    metadata: merged(list.map(objectOf).filter((entry) => entry !== undefined)),
  };
}

function merged(entries: readonly Json[]): ImageMetadata {
  const flag = (name: string): boolean => entries.some((entry) => entry[name] === true);
  const list = (name: string): readonly string[] => [...new Set(entries.flatMap((entry) => strings(entry[name])))];
  const last = (name: string): string | undefined => entries.map((entry) => text(entry[name])).findLast(Boolean);
  const extensions = entries.flatMap(({ customizations }) =>
    strings(objectOf(objectOf(customizations)?.['vscode'])?.['extensions']),
  );
  const [capAdd, securityOpt, remoteUser, containerUser] = [
    list('capAdd'),
    list('securityOpt'),
    last('remoteUser'),
    last('containerUser'),
  ];
  return {
    ...(flag('privileged') && { privileged: true }),
    ...(flag('init') && { init: true }),
    ...(capAdd.length > 0 && { capAdd }),
    ...(securityOpt.length > 0 && { securityOpt }),
    ...(remoteUser !== undefined && { remoteUser }),
    ...(containerUser !== undefined && { containerUser }),
    ...(extensions.length > 0 && { extensions: [...new Set(extensions)] }),
  };
}

function strings(value: unknown): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
