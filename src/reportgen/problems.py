"""The exception for a broken environment or a wrong call; never raised for an author's mistake."""

from __future__ import annotations

import errno
import os


class EnvironmentProblem(Exception):  # noqa: N818 - it is a state of the machine, not a bug
    """The environment or the call is at fault.

    ``message`` is one line for the user, ``hint`` says what to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class IrregularFileError(OSError):
    """What lies at a path is neither a file nor a folder, but a pipe, a device or a socket."""

    def __init__(self, path: object, kind: str) -> None:
        super().__init__(errno.ENXIO, os.strerror(errno.ENXIO), str(path))
        self.kind = kind
        """What it is, in Chinese."""


_SYSTEM_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在的盘只能读，不能写",
    errno.ENOENT: "没有这个文件或目录",
    errno.EEXIST: "已经有同名的文件",
    errno.ENOTDIR: "路径中间有一处不是目录",
    errno.EISDIR: "它是目录，不是文件",
    errno.ENXIO: "没有这个设备",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EIO: "磁盘或网络盘读写出错",
    errno.ENOMEM: "内存不足",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ELOOP: "链接绕成了圈",
    errno.ESTALE: "网络盘已断开",
    errno.ETIMEDOUT: "网络盘没有响应",
    errno.ENAMETOOLONG: "名称过长",
    errno.EBUSY: "正被其他程序占用",
    errno.EADDRINUSE: "正被其他程序占用",
    errno.ETXTBSY: "正被其他程序占用",
}


def system_reason(error: OSError) -> str:
    """Return the reason for *error*, in Chinese if it is a common one."""
    if isinstance(error, IrregularFileError):
        return f"它不是普通的文件，是{error.kind}"
    number = error.errno or 0
    return _SYSTEM_REASONS.get(number) or f"系统不允许（{error.strerror or error}）"


def refused(error: OSError) -> EnvironmentProblem:
    """Return the exception to raise for *error*, with which the system refused access to a file."""
    name = f" {error.filename}" if isinstance(error.filename, str) else ""
    message = f"无法读写文件{name}：{system_reason(error)}"
    return EnvironmentProblem(message, "检查磁盘、网络盘和访问权限，再运行一次")


def typed_path(path: object) -> str:
    """Return *path* as it is typed in a command: in quotes when it holds a blank."""
    return f'"{path}"' if " " in str(path) else str(path)
