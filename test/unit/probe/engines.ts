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

/** Docker 28.5.2 of Debian unstable without root, on a kernel without AppArmor: measured, `docker info --format '{{json .}}'`. */
export const ROOTLESS_DOCKER_DEBIAN = JSON.stringify({
  KernelVersion: '6.18.44',
  OperatingSystem: 'Debian GNU/Linux forky/sid (containerized)',
  ServerVersion: '28.5.2+dfsg4',
  SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
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

/** Podman 4.3.1 of Debian 12 as root, with a kernel without AppArmor: measured, `podman info --format json`. */
export const PODMAN_DEBIAN_12 = JSON.stringify({
  host: {
    arch: 'amd64',
    cgroupManager: 'cgroupfs',
    cgroupVersion: 'v1',
    distribution: { distribution: 'debian', version: '12', codename: 'bookworm' },
    kernel: '6.18.44-fc-v595',
    os: 'linux',
    ociRuntime: { name: 'runc', path: '/usr/bin/runc' },
    serviceIsRemote: false,
    security: {
      apparmorEnabled: false,
      capabilities:
        'CAP_CHOWN,CAP_DAC_OVERRIDE,CAP_FOWNER,CAP_FSETID,CAP_KILL,CAP_NET_BIND_SERVICE,CAP_SETFCAP,CAP_SETGID,CAP_SETPCAP,CAP_SETUID,CAP_SYS_CHROOT',
      rootless: false,
      seccompEnabled: true,
      seccompProfilePath: '/usr/share/containers/seccomp.json',
      selinuxEnabled: false,
    },
  },
  store: { graphDriverName: 'overlay' },
  version: { APIVersion: '4.3.1', Version: '4.3.1', GoVersion: 'go1.19.8', Built: 0, OsArch: 'linux/amd64' },
});
