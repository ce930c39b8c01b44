"""The DLLs that Windows promises to programs, and the well-known ones that it does not.

A name counts as promised where a program may rely on it: an import library is published for it, and
each installation of Windows 10 or later (with a desktop) brings it. Go 1.21 and later start on no
older Windows. What newer installations happen to have besides, such as vcruntime140.dll, is none.
"""

from __future__ import annotations

import re

# Names without ".dll" are of DLLs.
#
# An import library of MinGW-w64 (mingw-w64-crt/lib-common and its neighbours) names them, and all
# the installation discs of Windows 7 SP1, 8, 8.1, 10 and 11, for every CPU, hold them: delvewheel
# 1.13.2, delvewheel/_dll_list.py, the intersection of its three lists.
_SINCE_WINDOWS_7 = """
    acledit aclui acppage activeds actxprxy admtmpl adsldpc advapi32 advpack apphelp apphlpdm
    appmgmts appmgr asycfilt atl audioeng authz avrt azroles azsqlext basecsp batmeter bcrypt
    bcryptprimitives bitsperf bootvid browcli cabinet cabview capisp catsrv catsrvut certcli
    certenroll certenrollui certpoleng cfgbkend cfgmgr32 chxreadingstringime clb clbcatq clfsw32
    cliconfg clusapi cmifw cnvfat colbact colorui comctl32 comdlg32 compstui comsnap comsvcs
    comuid connect console credssp credui crypt32 cryptbase cryptdlg cryptdll cryptext cryptnet
    cryptsp cryptui cryptxml cscapi cscdll d2d1 d3d10 d3d10_1 d3d10_1core d3d10core d3d10level9
    d3d10warp d3d11 d3d9 davclnt davhlpr dbgeng dbghelp dbnetlib dbnmpntw ddraw devobj devrtl
    dfscli dhcpcore dhcpcore6 dhcpcsvc dhcpcsvc6 dhcpsapi dimsroam dinput dinput8 display
    dmdskmgr dmutil dmvdsitf dnsapi dot3api dot3cfg dot3dlg dot3gpclnt dot3msm dot3ui dpx drprov
    drt drtprov drttransport drvstore dsauth dskquota dsound dsprop dsquery dsrole dssec dssenh
    dsuiext dui70 duser dwmapi dwrite dxdiagn dxgi dxva2 eappcfg eappgnui eapphost eappprxy
    efsadu efsutil ehstorpwdmgr elscore elslad elstrans es esent esentprf eventcls evr faultrep
    fdeploy fdssdp fdwsd feclient filemgmt firewallapi firewallcontrolpanel fltlib fmifs fms
    fontext fontsub framedyn framedynos fwpuclnt gameux gdi32 getuname gpapi gpedit gpprefcl
    gpprnext gpscript gptext hbaapi hid hidserv hlink hnetcfg httpapi htui iashlpr iaspolcy
    iassam iassvcs icm32 icmp icmui iedkcs32 ieframe iernonce iertutil iesetup iesysprep ieui
    imagehlp imapi imapi2 imapi2fs imgutil imm32 inetcomm inetmib1 input inseng iphlpapi
    iprtprio iprtrmgr jscript jsproxy kerberos kernel32 kernelbase keyiso keymgr ksuser ktmw32
    l2gpstore linkinfo loadperf loghours logoncli lpk lz32 magnification mapi32 mapistub mcicda
    mciqtz32 mciseq mciwave mdminst mf mf3216 mfc42 mfc42u mfds mfplat mfplay mfps mfreadwrite
    mgmtapi midimap mlang mmcbase mmcndmgr mmdevapi modemui mpr mprapi mprddm mprmsg msacm32
    msacm32.drv msafd msasn1 mscat32 msclmd mscms msctf msctfmonitor msdadiag msdart msdelta
    msdmo msdrm msdtcprx msdtcuiu msfeeds msftedit mshtml mshtmled msi msiltcfg msimg32 msimtf
    msisip msls31 msoert2 mspatcha msports msrating msscntrs mssign32 mssip32 mssrch mstask
    msutb msv1_0 msvcirt mswsock msxml3 msxml6 msyuv mtxclu mtxdm mtxex mtxoci muifontsetup
    mydocs napinsp nci ncobjapi ncrypt nddeapi ndfapi negoexts netapi32 netbios netcfgx
    netdiagfx netid netjoin netlogon netplwiz netshell netutils newdev nlaapi nlmsprep normaliz
    nshipsec nshwfp nsi ntdll ntdsapi ntlanman ntmarta ntprint ntshrui occache odbc32 odbccp32
    odbctrac ole32 oleacc oleaut32 oledlg onex onexui osbaseln osuninst p2p p2pgraph pautoenr
    pcaui pcwum pdh pdhui perfdisk perfnet perfos perfproc perfts photowiz pidgenx pku2u pla
    playsndsrv pnrpnsp polstore portabledeviceapi portabledeviceclassextension pots powrprof
    printui prnntfy prntvpt profapi propsys psapi pshed pstorec puiapi pwrshplugin qcap quartz
    query qwave racengn racpldlg radardt radarrs rasadhlp rasapi32 raschap rasctrs rasdlg rasman
    rasmontr rasppp rastapi rastls rdpendp reagent regapi resutils rgb9rast riched20 rnr20
    rpchttp rpcns4 rpcrt4 rpcrtremote rsaenh rshx32 rstrtmgr rtm rtutils samcli samlib sas sbeio
    scansetting scarddlg scecli scesrv schannel schedcli scksp scrobj scrptadm scrrun sechost
    secproc secproc_isv secproc_ssp secproc_ssp_isv secur32 security sensapi sensorsapi serialui
    serwvdrv sessenv setupapi sfc sfc_os shdocvw shell32 shfolder shimeng shimgvw shlwapi
    shsetup shsvcs shwebsvc slc slcext slwga snmpapi softpub spbcd spfileq spinf spnet spopk
    sppc sppcext spwinsat sqlsrv32 sqmapi srchadmin srclient srvcli sscore ssdpapi sspicli
    ssshim sti storprop sxs sxshared sxsstore syssetup t2embed tapi32 tapiperf tapisrv
    tapisysprep taskcomp tbs tcpmonui tdh themecpl timedatemuicallback tlscsp tpmcompc tquery
    traffic tsbyuv tsgqec tspkg tsworkspace txfw32 udhisapi uexfat ufat uianimation
    uiautomationcore uiribbon umdmxfrm unimdmat uniplat untfs upnp upnphost url urlmon usbceip
    usbperf usbui user32 userenv usp10 utildll uudf uxinit uxtheme van vaultcli vbscript
    verifier version virtdisk vpnikeapi vss_ps vssapi vsstrace w32topl wdc wdi wdigest
    wdmaud.drv wdscore webcheck webclnt webio webservices wecapi wer werdiagcontroller werui
    wevtapi wevtfwd wiaaut wiadss wiashext wiatrace wimgapi winbio winbrand windowscodecs
    windowscodecsext winhttp wininet winipsec winmm winnsi winrnr winrscmd winsatapi winscard
    winshfhc winspool.drv winsrpc winsta wintrust winusb wkscli wlanapi wlangpui wlanhlp wlanmm
    wlanui wlanutil wldap32 wlgpclnt wmi wmiprop wmsgapi wpdshext ws2_32 ws2help wscapi wsdapi
    wsdchngr wsecedit wshbth wshext wship6 wshqos wshrm wshtcpip wsmsvc wsmwmipl wsnmp32 wsock32
    wtsapi32 wudriver wwapi xinput9_1_0 xmllite xpsprint xpsrasterservice xwizards zipfldr
"""
# The same, from Windows 8 to 10 on, or not on the discs of one CPU; all documented on Microsoft
# Learn. mscoree.dll is left out: what it starts, the .NET Framework, is a feature to be switched on.
_SINCE_WINDOWS_10 = """
    amsi atmlib avicap32 avifil32 bcp47langs bluetoothapis cldapi combase computecore
    computenetwork computestorage coremessaging d3d12 d3dcompiler_47 dciman32 dcomp deviceaccess
    directml dismapi dpapi dpnet dxcore fveapi gdiplus glmf32 glu32 hrtfapo icu icuin icuuc
    kdscli kernel.appcore mfcaptureengine mfcore mfnetcore mfnetsrc mfsensorgroup mfsrcsnk mi
    mprext msajapi mspatchc msvcp_win msvfw32 ncryptsslp netprofm netsetupapi ninput nlsdl
    odbcconf offreg ondemandconnroutehelper opengl32 rometadata rtworkq shcore ucrtbase
    wcmapi webauthn websocket windows.storage winfax winmmbase winsqlite3 wintypes wldp wmiclnt
    wofutil xaudio2_8 xaudio2_9 xinput1_4 xinputuap
"""
# Runtimes of old compilers that still come with Windows, most of them for 32-bit programs only.
# msvcrt.dll is MinGW's C library where that was not built for the UCRT.
_RUNTIMES = """
    crtdll mfc40 mfc40u msvbvm60 msvcp60 msvcrt msvcrt20 msvcrt40 olepro32
"""
# What drivers import: other parts of the kernel (Windows Driver Kit, "Windows kernel").
_KERNEL = """
    bootvid ci classpnp.sys clfs.sys cng.sys drmk.sys dxgkrnl.sys fltmgr.sys fwpkclnt.sys hal
    hidclass.sys hidparse.sys kdcom ks.sys ksecdd.sys msrpc.sys ndis.sys netio.sys ntoskrnl.exe
    portcls.sys pshed scsiport.sys storport.sys tdi.sys tm.sys usbd.sys usbport.sys videoprt.sys
    watchdog.sys wdfldr.sys win32k.sys wmilib.sys wpprecorder.sys
"""


def _file_name(name: str) -> str:
    """As the loader completes it: LdrLoadDll puts ".dll" behind a name without a dot."""
    if name.isascii():  # str.lower makes a k of the Kelvin sign too
        name = name.lower()
    return name if "." in name else name + ".dll"


_DOTTED = ("kernel.appcore", "windows.storage")
_PROMISED = frozenset(
    f"{name}.dll" if name in _DOTTED else _file_name(name)
    for names in (_SINCE_WINDOWS_7, _SINCE_WINDOWS_10, _RUNTIMES)
    for name in names.split()
)
_KERNEL_MODULES = frozenset(_file_name(name) for name in _KERNEL.split())

# "Windows API sets": names of no files, which the loader maps to the DLLs that hold the functions.
# The families are those that Microsoft's umbrella libraries (onecore.lib) and MinGW-w64 know.
_API_FAMILIES = """
    appmodel base com core coreui crt deprecated devices downlevel dwmapi dx eventing eventlog
    gaming gdi http mm net ntuser ole32 oobe perf power ro rtcore security service shcore shell
    shlwapi smbshare spinf stateseparation storage winrt wsl
"""
_VERSION = r"-l[0-9]{1,2}-[0-9]{1,2}-[0-9]{1,2}\.dll"
_API_SET = re.compile(
    rf"api-ms-win-(?:{'|'.join(_API_FAMILIES.split())})(?:-[a-z0-9]+)*{_VERSION}", re.ASCII
)
# "API sets available on all devices ... or not": of these a program has to ask before it calls.
_EXTENSION_SET = re.compile(rf"ext-ms-(?:win|onecore|mf)(?:-[a-z0-9]+)+{_VERSION}", re.ASCII)

# "Universal CRT deployment": a part of Windows since 10, an update that may be missing before.
_UCRT = re.compile(r"api-ms-win-crt-[a-z0-9-]+\.dll|ucrtbase\.dll", re.ASCII)


def is_system(name: str) -> bool:
    """Whether Windows promises a DLL of this name, in whatever case, to every process."""
    wanted = _file_name(name)
    if wanted in _KERNEL_MODULES:
        return False
    return wanted in _PROMISED or _API_SET.fullmatch(wanted) is not None


def is_kernel_module(name: str) -> bool:
    """Whether this is a part of the kernel, which drivers alone can be linked to."""
    return _file_name(name) in _KERNEL_MODULES


def is_extension_set(name: str) -> bool:
    """Whether this is an API set that may be missing: good for delay-loading alone."""
    return _EXTENSION_SET.fullmatch(_file_name(name)) is not None


def is_system_assembly(name: str) -> bool:
    """Whether Windows brings the side-by-side assembly: its own names begin like this.

    Microsoft.VC90.CRT and its like come with redistributables (Microsoft Learn, "Supported
    Microsoft Side-by-side Assemblies").
    """
    return name.isascii() and name.lower().startswith("microsoft.windows.")


def is_ucrt(name: str) -> bool:
    """Whether the DLL is Microsoft's C library of Windows 10 and later."""
    return _UCRT.fullmatch(_file_name(name)) is not None


_MINGW = "MinGW's GCC"
_VISUAL_C = "the Visual C++ redistributable"
_OLD_VISUAL_C = "an old Visual C++ redistributable"
_DIRECTX = "the DirectX end-user runtime of June 2010"
_DRIVER = "the driver of a graphics card"

# Patterns of lower-case names without ".dll"; the first that fits wins.
_ORIGINS: tuple[tuple[str, str], ...] = (
    (r"libgcc_s_.+-1|libgcc_s_[a-z0-9]+", f"{_MINGW}: link with -static-libgcc, or -static"),
    (r"libstdc\+\+-[0-9]+", f"{_MINGW} (C++): link with -static-libstdc++, or -static"),
    (r"libwinpthread-1|pthreadgc-?[0-9]", "MinGW-w64's threads: link with -static"),
    (r"lib(?:ssp|atomic|gomp|gfortran|quadmath|objc|itm)-[0-9]+", f"{_MINGW}: link with -static"),
    (r"libc\+\+(?:abi)?|libunwind|libomp(?:140.*)?", "LLVM: link with -static"),
    (r"libclang_rt\..+|clang_rt\..+", "a sanitizer of LLVM: build without -fsanitize"),
    (r"libmingwex-[0-9]+", f"{_MINGW}: link with -static"),
    (r"cygwin1|cyg.+-[0-9.]+", "Cygwin: build with MinGW-w64 in its place"),
    (r"msys-.+", "MSYS2's own environment: build in its UCRT64 or CLANG64 environment"),
    (
        r"(?:vcruntime|msvcp|msvcr|concrt|vccorlib|vcomp|mfc|mfcm|ucrtbase)[0-9_]*d",
        "debug builds of Visual C++: may not be redistributed; build with /MD or /MT",
    ),
    (
        r"(?:vcruntime|msvcp|concrt|vccorlib|vcomp|vcamp)140(?:_.+)?",
        f"{_VISUAL_C}: or build with /MT",
    ),
    (r"mfcm?140u?", f"{_VISUAL_C} (MFC)"),
    (r"(?:msvc[pr]|vcomp|mfcm?|atl|concrt|vccorlib|vcamp)[0-9]{2,3}u?", _OLD_VISUAL_C),
    (r"microsoft\.vc[0-9]+\..+", _OLD_VISUAL_C),  # an assembly, by its name in a manifest
    (r"mscoree", "the .NET Framework"),
    (r"hostfxr|hostpolicy|coreclr|clrjit|nethost", ".NET"),
    (r"python[0-9]+t?(?:_d)?|libpython.+|pypy.+|libpypy.+", "Python"),
    (r"java|jvm|jli|awt|jawt", "Java"),
    (r"qt[56].+", "Qt"),
    (r"(?:lib)?(?:ssl|crypto)-[0-9].*|ssleay32|libeay32|libcrypto|libssl", "OpenSSL"),
    (r"(?:lib)?sqlite3(?:-[0-9]+)?", "SQLite: not promised; Windows' own is winsqlite3"),
    (
        r"(?:lib)?(?:z(?:lib)?1?|bz2|lzma|zstd|iconv|intl|expat)(?:-[0-9]+)?",
        "a library of MSYS2 or vcpkg",
    ),
    (r"wpcap|packet", "Npcap or WinPcap"),
    (r"winfsp-.+", "WinFsp"),
    (r"wintun", "Wintun (WireGuard)"),
    (r"windivert(?:32|64)?", "WinDivert"),
    (r"libusb-1\.0|libusb0", "libusb"),
    (r"vulkan-1|opencl|nvcuda|nvml|nvrtc.*|cudart.+|cublas.+|cudnn.+|amdhip.+|nv.+api.*", _DRIVER),
    (r"d3dx(?:9|10|11)_[0-9]+|d3dcompiler_(?:3|40|41|42|43)[0-9]?|xinput1_[123]", _DIRECTX),
    (r"x(?:audio2_[0-7]|3daudio1_[0-9]|apofx1_[0-9])|d3dcsx_4[0-9]", _DIRECTX),
)


def origin(name: str) -> str:
    """What brings a DLL that Windows does not promise, and how to do without; "" if unknown."""
    plain = _file_name(name).removesuffix(".dll")
    return next((brings for pattern, brings in _ORIGINS if re.fullmatch(pattern, plain)), "")
