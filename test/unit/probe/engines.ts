/** What engines say about themselves, reduced to what is read of it. */

/** Docker 20.10 on Debian 12 with a kernel without AppArmor: measured, `docker info --format '{{json .}}'`. */
export const DEBIAN_12 = JSON.stringify({
  ID: 'M6H2:CIJR',
  KernelVersion: '6.18.44',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  OSVersion: '12',
  OSType: 'linux',
  ServerVersion: '20.10.24+dfsg1',
  SecurityOptions: ['name=seccomp,profile=default'],
  ClientInfo: { Version: '28.2.2', Os: 'linux', Context: 'default' },
});

/** The same client where no daemon answers: measured, exit status 0. */
export const NO_DAEMON = JSON.stringify({
  ID: '',
  KernelVersion: '',
  OperatingSystem: '',
  ServerErrors: ['Cannot connect to the Docker daemon at unix:///nonexistent. Is the docker daemon running?'],
  ClientInfo: { Version: '28.2.2', Os: 'linux' },
});

export const DOCKER_DESKTOP = JSON.stringify({
  KernelVersion: '6.10.14-linuxkit',
  OperatingSystem: 'Docker Desktop',
  ServerVersion: '28.0.1',
  SecurityOptions: ['name=seccomp,profile=unconfined', 'name=cgroupns'],
});

export const UBUNTU_24_04 = JSON.stringify({
  KernelVersion: '6.8.0-60-generic',
  OperatingSystem: 'Ubuntu 24.04.2 LTS',
  ServerVersion: '28.2.2',
  SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=cgroupns'],
});

export const ROOTLESS_DOCKER = JSON.stringify({
  KernelVersion: '6.8.0-60-generic',
  OperatingSystem: 'Ubuntu 24.04.2 LTS',
  ServerVersion: '28.2.2',
  SecurityOptions: ['name=apparmor', 'name=seccomp,profile=builtin', 'name=rootless', 'name=cgroupns'],
});

export const DEBIAN_12_APPARMOR = JSON.stringify({
  KernelVersion: '6.1.0-40-amd64',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  ServerVersion: '20.10.24+dfsg1',
  SecurityOptions: ['name=apparmor', 'name=seccomp,profile=default', 'name=userns'],
});

function podman(rootless: boolean): string {
  return JSON.stringify({
    host: {
      distribution: { codename: 'trixie', distribution: 'debian', version: '13' },
      kernel: '6.12.0-amd64',
      security: { apparmorEnabled: !rootless, rootless, seccompEnabled: true, selinuxEnabled: false },
    },
    version: { APIVersion: '5.4.2', Version: '5.4.2' },
  });
}

export const PODMAN_ROOTLESS = podman(true);
export const PODMAN_ROOTFUL = podman(false);
