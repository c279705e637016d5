import type { Configuration } from '../sources/configuration/configuration.js';
import { valueOf, type Origin } from '../sources/options/option.js';
import type { BuildEdits } from './build.js';
import type { TextEdit } from './changes/change.js';
import { openService, type ServiceOptions } from './compose/serviceOptions.js';
import { openOptionsFile, type OptionsFile } from './json/optionsFile.js';
import type { EditedOption, Homes, OptionList, Refusal, Slot } from './changes/optionList.js';

/** The options of a configuration as its files have them, and the way back. */
interface OpenOptions {
  readonly list: OptionList;
  /** The file that an option is written in; undefined: an image or a published Feature has it. */
  fileOf(option: EditedOption): string | undefined;
  /** The edits that make the list this one; undefined where a file cannot be written so. */
  edits(after: OptionList, build: BuildEdits): readonly TextEdit[] | undefined;
}

/** The properties of devcontainer.json that have an effect with Compose, by the flags of `docker run` that they stand for. */
const WITH_COMPOSE: Readonly<Record<string, string>> = {
  'security-opt': 'securityOpt',
  'cap-add': 'capAdd',
  privileged: 'privileged',
  init: 'init',
};

/** Opens the files that options of the configuration stand in. */
export function openOptions(configuration: Configuration): OpenOptions | Refusal {
  const { container, file, texts, featureFiles, options } = configuration;
  const devcontainer = openOptionsFile(texts.get(file) ?? '', file, (property): Origin =>
    property === 'runArgs' ? { kind: 'runArgs' } : { kind: 'devcontainer', property },
  );
  if (devcontainer.isBroken) return { why: `${file} has errors that must be corrected first` };
  const features = new Map(
    featureFiles.map((each) => [
      each,
      openOptionsFile(texts.get(each) ?? '', each, (property) => ({ kind: 'localFeature', property, file: each })),
    ]),
  );
  const isCompose = container.definition.kind === 'compose';
  const service = isCompose ? openService(configuration) : undefined;
  if (isCompose && !service)
    return { why: 'no Compose file here defines the service, or a file that defines it has errors' };
  const edited = options.map((option): EditedOption => {
    const { slot, fixed } = find(option, devcontainer, features, service);
    // As it comes to: what an edit leaves alone keeps its variables.
    const value = valueOf(option).value ?? option.value;
    return { ...option, value, slot: slot?.id, ...(fixed !== undefined && { fixed }) };
  });
  const list: OptionList = {
    options: edited,
    homes: homesOf(devcontainer, service),
    inService: (value, option) => service?.valueAt(value, option),
    refusesRepetition: isCompose,
  };
  return {
    list,
    fileOf: ({ slot, origin }) => (origin.kind === 'service' ? service?.fileOf(slot ?? '') : slot?.split('\n')[0]),
    edits: (after, { dockerfile, compose }) => {
      const made = [
        devcontainer.edits(edited, after.options, dockerfile),
        ...[...features.values()].map((feature) => feature.edits(edited, after.options)),
        service ? service.edits(edited, after.options, compose) : [],
      ];
      return made.every((each) => each !== undefined) ? made.flat() : undefined;
    },
  };
}

function find(
  option: Configuration['options'][number],
  devcontainer: OptionsFile,
  features: ReadonlyMap<string, OptionsFile>,
  service: ServiceOptions | undefined,
): { readonly slot: Slot | undefined; readonly fixed?: string } {
  const { origin } = option;
  switch (origin.kind) {
    case 'runArgs':
    case 'devcontainer':
      return { slot: devcontainer.slotOf(option) };
    case 'localFeature':
      return { slot: features.get(origin.file)?.slotOf(option) };
    case 'service':
      return service?.find(option) ?? { slot: undefined };
    default:
      return { slot: undefined };
  }
}

function homesOf(devcontainer: OptionsFile, service: ServiceOptions | undefined): Homes {
  const lists = { 'security-opt': devcontainer.slot('securityOpt'), 'cap-add': devcontainer.slot('capAdd') };
  if (!service) {
    // Without Compose all of runArgs has an effect.
    return { ...lists, tmpfs: devcontainer.slot('runArgs'), notPrivileged: undefined, forRunArg: () => undefined };
  }
  return {
    ...lists,
    tmpfs: service.tmpfsHome,
    notPrivileged: service.notPrivileged,
    forRunArg: (flag, value) => {
      const property = Object.hasOwn(WITH_COMPOSE, flag) ? WITH_COMPOSE[flag] : undefined;
      return property === undefined ? service.homeOf(flag, value) : devcontainer.slot(property);
    },
  };
}
