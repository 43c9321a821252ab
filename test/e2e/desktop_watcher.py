#!/usr/bin/python3
"""Stands in for a Linux desktop, so that what the app shows there can be read without one.

Owns the names of a panel (org.kde.StatusNotifierWatcher) and of a notification daemon (org.freedesktop.Notifications) on
the session bus, and prints one JSON object per line: {"menu": [...]} for the tray's menu, whenever it changes, and
{"notice": {...}} for each notice. A line `press LABEL` on stdin clicks that item of the menu, `click ID` a notice.
Needs Debian's python3-dbus and python3-gi.
"""
import json
import os
import sys

import dbus
import dbus.mainloop.glib
import dbus.service
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
names = [dbus.service.BusName(name, bus) for name in ('org.kde.StatusNotifierWatcher', 'org.freedesktop.Notifications')]
menus = []


def say(**what):
    print(json.dumps(what), flush=True)


def items(children):
    for child in children:
        yield int(child[0]), str(child[1].get('label', '')), child[2]
        yield from items(child[2])


class Panel(dbus.service.Object):
    @dbus.service.method('org.kde.StatusNotifierWatcher', in_signature='s', sender_keyword='sender')
    def RegisterStatusNotifierItem(self, service, sender=None):
        owner, path = (sender, service) if service.startswith('/') else (service, '/StatusNotifierItem')
        GLib.timeout_add(200, follow, owner, path, 0)

    @dbus.service.method('org.kde.StatusNotifierWatcher', in_signature='s')
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.method('org.freedesktop.DBus.Properties', in_signature='ss', out_signature='v')
    def Get(self, interface, prop):
        return {
            'IsStatusNotifierHostRegistered': dbus.Boolean(True),
            'ProtocolVersion': dbus.Int32(0),
            'RegisteredStatusNotifierItems': dbus.Array([], signature='s'),
        }[prop]


def follow(owner, path, tries):
    """The item is there a moment before its menu is."""
    try:
        item = dbus.Interface(bus.get_object(owner, path), 'org.freedesktop.DBus.Properties')
        where = item.Get('org.kde.StatusNotifierItem', 'Menu')
        menu = dbus.Interface(bus.get_object(owner, where), 'com.canonical.dbusmenu')
        menu.connect_to_signal('LayoutUpdated', lambda *_: read(menu))
        menus[:] = [menu]
        read(menu)
    except dbus.DBusException as error:
        if tries < 50:
            GLib.timeout_add(200, follow, owner, path, tries + 1)
        else:
            say(problem=str(error))
    return False


def read(menu):
    try:
        say(menu=[label for _, label, _ in items(menu.GetLayout(0, -1, ['label'])[1][2])])
    except dbus.DBusException as error:
        say(problem=str(error))


class Daemon(dbus.service.Object):
    last = 0

    @dbus.service.method('org.freedesktop.Notifications', in_signature='susssasa{sv}i', out_signature='u')
    def Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        Daemon.last = int(replaces) or Daemon.last + 1
        say(notice={'id': Daemon.last, 'title': str(title), 'body': str(body), 'actions': [str(a) for a in actions]})
        return dbus.UInt32(Daemon.last)

    @dbus.service.method('org.freedesktop.Notifications', in_signature='', out_signature='as')
    def GetCapabilities(self):
        return ['body', 'actions']

    @dbus.service.method('org.freedesktop.Notifications', in_signature='', out_signature='ssss')
    def GetServerInformation(self):
        return ('watcher', 'stormlet', '1', '1.2')

    @dbus.service.method('org.freedesktop.Notifications', in_signature='u')
    def CloseNotification(self, which):
        self.NotificationClosed(which, 3)

    @dbus.service.signal('org.freedesktop.Notifications', signature='uu')
    def NotificationClosed(self, which, reason):
        pass

    @dbus.service.signal('org.freedesktop.Notifications', signature='us')
    def ActionInvoked(self, which, action):
        pass


def obey(source, condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    verb, _, rest = line.strip().partition(' ')
    if verb == 'press' and menus:
        for number, label, _ in items(menus[0].GetLayout(0, -1, ['label'])[1][2]):
            if label == rest:
                menus[0].Event(number, 'clicked', dbus.String('', variant_level=1), dbus.UInt32(0))
    if verb == 'click':
        daemon.ActionInvoked(dbus.UInt32(int(rest)), 'default')
    return True


panel = Panel(bus, '/StatusNotifierWatcher')
daemon = Daemon(bus, '/org/freedesktop/Notifications')
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, obey)
say(ready=os.getpid())
loop.run()
