"""The formats of other programs: code hosts, CI servers, dashboards, spreadsheets, tickets."""
