"""Permissions in words a person meets in the dialog."""

PERMISSION_WORDS = {
    "public_profile": "See your name and profile picture",
    "email": "See your email address",
    "instagram_basic": "Read the profile and posts of your Instagram account",
    "instagram_manage_insights": "Read the insights of your Instagram account",
    "instagram_content_publish": "Publish posts on your Instagram account",
    "instagram_manage_comments": "Manage comments on your Instagram account",
    "pages_show_list": "Show a list of the Pages you manage",
    "pages_read_engagement": "Read content posted on your Pages",
    "pages_manage_posts": "Create and manage content on your Pages",
    "business_management": "Manage your business portfolio",
    "ads_read": "Read your ad statistics",
    "ads_management": "Manage ads of your ad accounts",
    "read_insights": "Read the insights of your Pages",
}
