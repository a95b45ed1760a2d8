/*
 * confine [-u] NUMBERS COMMAND …: runs it as systemd's unit would, as far as
 * that takes no systemd. NUMBERS is a file of the system calls that are
 * allowed, "-" for all. Beyond them it is killed, where a unit may say EPERM:
 * what lives through this never asks. So it is for
 *
 *	MemoryDenyWriteExecute=   memory to write and to execute
 *	RestrictAddressFamilies=  sockets other than AF_UNIX, AF_INET, AF_INET6,
 *	                          AF_NETLINK
 *	RestrictNamespaces=       clone(2) with a namespace; clone3(2) is not
 *there
 *
 * -u: as nobody, with no capability. Exit status 77: not on this machine.
 */
#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

#define NOBODY	65534
#define MAX_OPS 4096

#define NAMESPACES                                                             \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
	    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

struct program {
	struct sock_filter op[MAX_OPS];
	unsigned short n;
};

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

#ifdef ARCH

static void
add(struct program *p, unsigned short code, uint32_t k, uint8_t yes, uint8_t no)
{
	if (p->n == MAX_OPS) {
		errno = E2BIG;
		die("confine");
	}
	p->op[p->n++] = (struct sock_filter){code, yes, no, k};
}

static void
end(struct program *p, uint32_t what)
{
	add(p, BPF_RET | BPF_K, what, 0, 0);
}

static void
load(struct program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* The lower half of an argument; little-endian, as both machines are. */
static void
load_argument(struct program *p, size_t i)
{
	load(p, offsetof(struct seccomp_data, args) + 8 * i);
}

static void
end_if(struct program *p, uint32_t number, uint32_t what)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1);
	end(p, what);
}

/* Killed if all bits of one, or with `any` one of them, are in the argument. */
static void
forbid_bits(
    struct program *p, uint32_t call, size_t argument, uint32_t bits, int any)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
	load_argument(p, argument);
	add(p, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, any ? 0 : bits, any ? 1 : 0,
	    any ? 0 : 1);
	end(p, SECCOMP_RET_KILL_PROCESS);
	load(p, offsetof(struct seccomp_data, nr));
}

static void
forbid_families(struct program *p)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, __NR_socket, 0, 7);
	load_argument(p, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 4, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 3, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 2, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
	end(p, SECCOMP_RET_KILL_PROCESS);
	load(p, offsetof(struct seccomp_data, nr));
}

static void
allow_those_of(struct program *p, const char *path)
{
	FILE *f = fopen(path, "r");
	unsigned number;

	if (f == NULL)
		die(path);
	while (fscanf(f, "%u", &number) == 1)
		end_if(p, number, SECCOMP_RET_ALLOW);
	fclose(f);
}

static void
confine(const char *path)
{
	static struct program p;
	struct sock_fprog whole = {.filter = p.op};

	load(&p, offsetof(struct seccomp_data, arch));
	add(&p, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	end(&p, SECCOMP_RET_KILL_PROCESS);
	load(&p, offsetof(struct seccomp_data, nr));
	end_if(&p, __NR_clone3, SECCOMP_RET_ERRNO | ENOSYS);
	forbid_bits(&p, __NR_mmap, 2, PROT_WRITE | PROT_EXEC, 0);
	forbid_bits(&p, __NR_mprotect, 2, PROT_EXEC, 1);
	forbid_bits(&p, __NR_pkey_mprotect, 2, PROT_EXEC, 1);
	forbid_bits(&p, __NR_clone, 0, NAMESPACES, 1);
	forbid_families(&p);
	allow_those_of(&p, path);
	end(&p, SECCOMP_RET_KILL_PROCESS);
	whole.len = p.n;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) != 0)
		die("seccomp");
}

#else

static void
confine(const char *path)
{
	fprintf(stderr, "confine: %s: not for this machine\n", path);
	exit(77);
}

#endif

/* Root's capabilities go with his number. */
static void
become_nobody(void)
{
	if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 ||
	    setuid(NOBODY) != 0)
		die("nobody");
}

int
main(int argc, char **argv)
{
	int at = 1;

	if (argc > 1 && strcmp(argv[1], "-u") == 0) {
		become_nobody();
		at++;
	}
	if (argc < at + 2) {
		fprintf(stderr, "usage: confine [-u] NUMBERS COMMAND ...\n");
		return 2;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		die("no_new_privs");
	if (strcmp(argv[at], "-") != 0)
		confine(argv[at]);
	execvp(argv[at + 1], argv + at + 1);
	die(argv[at + 1]);
	return 2;
}
