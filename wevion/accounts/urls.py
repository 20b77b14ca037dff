"""Invitations, forgotten passwords, and the settings that are about people."""

from django.urls import path
from django.views.generic import RedirectView

from wevion.accounts.pages import api_keys, forgotten, invitation, password, profile, team

urlpatterns = [
    path("invitations/<str:token>", invitation.invitation, name="invitation"),
    path("login/forgotten", forgotten.Forgotten.as_view(), name="forgotten"),
    path("login/forgotten/sent", forgotten.sent, name="forgotten-sent"),
    path("login/new-password/<uidb64>/<token>", forgotten.NewPassword.as_view(), name="new-password"),
    path("login/new-password/done", forgotten.done, name="new-password-done"),
    path("settings", RedirectView.as_view(pattern_name="team"), name="settings"),
    path("settings/profile", profile.profile, name="profile"),
    path("settings/password", password.password, name="password"),
    path("settings/team", team.team, name="team"),
    path("settings/team/name", team.rename, name="team-rename"),
    path("settings/team/invitations", team.invite, name="invite"),
    path("settings/team/invitations/<uuid:invitation_id>/renew", team.renew, name="invitation-renew"),
    path("settings/team/invitations/<uuid:invitation_id>/withdraw", team.withdraw, name="invitation-withdraw"),
    path("settings/team/members/<int:member_id>", team.member, name="member"),
    path("settings/team/members/<int:member_id>/remove", team.remove, name="member-remove"),
    path("settings/team/api-keys", api_keys.api_keys, name="api-keys"),
    path("settings/team/api-keys/<uuid:key_id>/revoke", api_keys.revoke, name="api-key-revoke"),
]
